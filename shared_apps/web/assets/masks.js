// What Brazilians type, with its punctuation put in. The server takes it with or without.
import IMask from "imask/esm/imask";
import "imask/esm/masked/pattern";
import "imask/esm/masked/dynamic";
import "imask/esm/masked/number";

const MASKS = {
  "cpf-cnpj": { mask: [{ mask: "000.000.000-00" }, { mask: "**.***.***/****-00" }], prepareChar: (c) => c.toUpperCase() },
  phone: { mask: [{ mask: "(00) 0000-0000" }, { mask: "(00) 00000-0000" }, { mask: "+000000000000000" }] },
  cep: { mask: "00000-000" },
  money: { mask: Number, scale: 2, thousandsSeparator: ".", radix: ",", padFractionalZeros: true, min: 0 },
};
// A number that begins with + is foreign; one of up to ten digits has eight of its own, else nine.
MASKS.phone.dispatch = (appended, masked) => {
  const typed = masked.value + appended;
  const digits = typed.replace(/\D/g, "");
  return masked.compiledMasks[typed.startsWith("+") ? 2 : digits.length > 10 ? 1 : 0];
};
MASKS["cpf-cnpj"].dispatch = (appended, masked) => {
  const typed = (masked.value + appended).replace(/[^0-9A-Za-z]/g, "");
  return masked.compiledMasks[typed.length > 11 || /[A-Za-z]/.test(typed) ? 1 : 0];
};

export function mask(element) {
  if (element.dataset.masked) return;
  element.dataset.masked = "yes";
  IMask(element, MASKS[element.dataset.mask]);
}

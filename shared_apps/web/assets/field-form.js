// The report's form and the document that is sent: one into the other and back.
import { pad } from "./field-pad.js";

export class ReportForm {
  constructor(form) {
    this.form = form;
    this.pad = pad(form.querySelector("[data-pad]"));
    this.checkedIn = form.dataset.checkedIn || null;
    form.querySelector("[data-add-dose]").addEventListener("click", () => this.addDose().querySelector("input").focus());
    form.querySelector("[data-clear]").addEventListener("click", () => this.pad.clear());
    form.addEventListener("click", (event) => {
      if (!event.target.closest("[data-remove-dose]")) return;
      event.target.closest("[data-dose]").remove();
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  addDose(dose = {}) {
    const box = this.form.querySelector("[data-doses]");
    const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-product]").value = dose.product ?? "";
    row.querySelector("[data-amount]").value = dose.amount ?? "";
    if (dose.unit) row.querySelector("[data-unit]").value = dose.unit;
    const asset = row.querySelector("[data-asset]");
    if (asset && "asset" in dose) asset.value = dose.asset ?? "";
    box.querySelector("[data-rows]").append(row);
    return row;
  }

  all(selector) {
    return [...this.form.querySelectorAll(selector)];
  }

  values() {
    return {
      checked_in_at: this.checkedIn,
      checklist: this.all("[data-step]").map((one) => ({ label: one.dataset.step, done: one.checked, note: one.dataset.note })),
      readings: this.all("[data-reading]").filter((one) => one.value !== "").map((one) => (
        { asset: one.dataset.asset || null, kind: one.dataset.reading, value: one.value }
      )),
      doses: this.all("[data-doses] [data-rows] [data-dose]").map((row) => ({
        product: row.querySelector("[data-product]").value.trim(),
        amount: row.querySelector("[data-amount]").value,
        unit: row.querySelector("[data-unit]").value,
        asset: row.querySelector("[data-asset]")?.value || null,
      })).filter((dose) => dose.product || dose.amount),
      notes: this.form.querySelector("[data-notes]").value,
      signed_by: this.form.querySelector("[data-signed-by]").value,
      signature: this.pad.value(),
    };
  }

  show(values) {
    this.checkedIn = values.checked_in_at ?? this.checkedIn;
    for (const step of values.checklist ?? []) {
      const box = this.all("[data-step]").find((one) => one.dataset.step === step.label);
      if (box) box.checked = step.done;
    }
    for (const field of this.all("[data-reading]")) {
      const one = (values.readings ?? []).find((row) => row.kind === field.dataset.reading && (row.asset ?? "") === field.dataset.asset);
      field.value = one?.value ?? "";
    }
    this.form.querySelector("[data-doses] [data-rows]").replaceChildren();
    for (const dose of values.doses ?? []) this.addDose(dose);
    this.form.querySelector("[data-notes]").value = values.notes ?? "";
    this.form.querySelector("[data-signed-by]").value = values.signed_by ?? "";
    this.pad.show(values.signature);
    this.warn();
  }

  // Says beside each number whether it is outside its good range. False when one cannot be at all.
  warn(words = document.querySelector("[data-today]").dataset) {
    let possible = true;
    for (const field of this.all("[data-reading]")) {
      const note = field.closest(".field").querySelector("[data-warn]");
      const { low, high } = field.dataset;
      const value = Number(field.value);
      const isGiven = field.value !== "" || field.validity.badInput;
      const isUnlikely = isGiven && (field.validity.badInput || value < Number(field.min) || value > Number(field.max));
      const isLow = isGiven && low !== "" && value < Number(low);
      const isHigh = isGiven && high !== "" && value > Number(high);
      note.hidden = !(isUnlikely || isLow || isHigh);
      note.dataset.tone = isUnlikely ? "danger" : "warning";
      const unlikely = words.wordUnlikely.replace("{least}", field.min).replace("{most}", field.max);
      note.textContent = isUnlikely ? unlikely : isLow ? words.wordLow : isHigh ? words.wordHigh : "";
      field.setAttribute("aria-invalid", isUnlikely ? "true" : "false");
      possible &&= !isUnlikely;
    }
    return possible;
  }
}

// Rows of a Django formset in one form: a template row is copied, a row that was saved is marked as deleted. Rows within
// rows say what stands for their number: data-placeholder.
export const rows = () => ({
  add() {
    const total = this.$root.querySelector('input[name$="-TOTAL_FORMS"]');
    const number = total.value;
    const html = this.$refs.template.innerHTML.replaceAll(this.$root.dataset.placeholder ?? "__prefix__", number);
    this.$refs.list.insertAdjacentHTML("beforeend", html);
    total.value = Number(number) + 1;
    const row = this.$refs.list.lastElementChild;
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: row } }));
    window.htmx.process(row);
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  },
  remove(event) {
    const row = event.target.closest("[data-row]");
    row.querySelector('input[name$="-DELETE"]').checked = true;
    row.hidden = true;
    row.closest("form").dispatchEvent(new Event("input"));
  },
});

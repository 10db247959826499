/**
 * What the page can do when scripts may run: sort, filter, open what a link points to. Without them all is readable.
 *
 * @module
 */

/** The script, in the language of browsers as they are. */
export const script = `"use strict";
document.documentElement.classList.add("scripted");
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") === "ascending" ||
      (head.classList.contains("n") && head.getAttribute("aria-sort") === null);
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const value = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
    const rows = [...table.tBodies[0].rows].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      const order = head.classList.contains("n") ? Number(x) - Number(y) : x.localeCompare(y, "en", { numeric: true });
      return down ? -order : order;
    });
    table.tBodies[0].append(...rows);
  }));
}
for (const bar of document.querySelectorAll(".filter")) {
  const rows = [...bar.parentElement.querySelectorAll("tbody tr")];
  const button = bar.querySelector("[data-filter]");
  const find = bar.querySelector("[data-find]");
  const apply = () => {
    const only = button.getAttribute("aria-pressed") === "true";
    const word = find ? find.value.toLowerCase() : "";
    for (const row of rows) {
      row.hidden = (only && !("troubled" in row.dataset)) || !row.cells[0].textContent.toLowerCase().includes(word);
    }
    const shown = rows.filter((row) => !row.hidden).length;
    bar.querySelector("[data-shown]").textContent = shown === rows.length ? "" : shown + " of " + rows.length + " shown";
  };
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    apply();
  });
  if (find) find.addEventListener("input", apply);
}
const reveal = () => {
  const id = location.hash.slice(1);
  const target = id === "" ? null : document.getElementById(id);
  if (!target) return;
  if (target.tagName === "DETAILS") target.open = true;
  target.scrollIntoView();
  target.focus({ preventScroll: true });
};
addEventListener("hashchange", reveal);
reveal();
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
`;

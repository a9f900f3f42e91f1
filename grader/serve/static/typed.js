// What is typed and not sent: other questions of the page are saved when one is sent, and who leaves is warned.
const unsaved = new Set();
const failed = new Set();
const canBeSaved = (form) => form.querySelector("button[name=action][value=save]") && !failed.has(form);
document.querySelectorAll("form").forEach((form) => {
  form.addEventListener("input", () => { unsaved.add(form); failed.delete(form); });
  form.addEventListener("submit", (event) => {
    unsaved.delete(form);
    const others = [...unsaved].filter(canBeSaved);
    if (!others.length) return;
    event.preventDefault();
    Promise.all(others.map(save)).then(() => form.requestSubmit(event.submitter));
  });
});
async function save(form) {
  const typed = new URLSearchParams(new FormData(form));
  typed.set("action", "save");
  try {
    const got = await fetch(form.getAttribute("action"), { method: "POST", body: typed, redirect: "manual" });
    // Only what was kept is answered by another page.
    if (got.type === "opaqueredirect") unsaved.delete(form); else failed.add(form);
  } catch { failed.add(form); }
}
addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });

// The live place in the queue, and then the report, put into the page that is open: whoever is on the way to
// another page, or reads this one with a reader of screens, is taken nowhere. Pages work without it.

const LOOK_AGAIN_MS = 10000;
const placeLine = document.getElementById("place");
const marked = document.getElementById("marked");

function watch() {
  const source = new EventSource(placeLine.dataset.events);
  source.onmessage = (event) => {
    const ahead = Number(event.data);
    placeLine.textContent = ahead < 0 ? "It is being marked." : `${ahead} ahead of it.`;
  };
  // Too many are told live, or the server is away for now: the page itself is looked at.
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) later(); };
  source.addEventListener("done", () => { source.close(); look(); });
}

const later = () => setTimeout(look, LOOK_AGAIN_MS);

// The page as it is now: what was marked takes the place of what waited, and nothing else on the page changes.
async function look() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) { notSeen(answer); return; }
  const now = new DOMParser().parseFromString(await answer.text(), "text/html");
  const place = now.getElementById("place");
  if (place) {
    placeLine.textContent = place.textContent;
    watch();
    return;
  }
  document.title = now.title;
  marked.replaceChildren(...now.getElementById("marked").childNodes);
  document.dispatchEvent(new CustomEvent("shown", { detail: marked }));
  placeLine.removeAttribute("id");
  placeLine.textContent = `${now.title}: it stands above.`;
}

function notSeen(answer) {
  if (answer && answer.status < 500 && answer.status !== 429) {
    const again = Object.assign(document.createElement("a"), { href: location.href, textContent: "Look again" });
    placeLine.replaceChildren("This page cannot be read any more: you may have to sign in. ", again, ".");
  } else later();
}

if (placeLine && marked) watch();

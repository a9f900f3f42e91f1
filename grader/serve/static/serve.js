// The live place in the queue. Pages work without it.
const place = document.getElementById("place");
if (place) {
  const source = new EventSource(place.dataset.events);
  source.onmessage = (event) => {
    const ahead = Number(event.data);
    place.textContent = ahead < 0 ? "It is being marked." : `${ahead} ahead of it.`;
  };
  // Too many are told live: the page as a whole looks again.
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 10000); };
  source.addEventListener("done", () => { source.close(); location.reload(); });
  // Who is on the way to another page must not be taken back to this one.
  addEventListener("beforeunload", () => source.close());
}

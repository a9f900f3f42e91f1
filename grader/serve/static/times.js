// Beside each time on the course's clocks the reader's, where it is another.
const shown = new Intl.DateTimeFormat("en-GB", {
  weekday: "short", day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});

function tell(part) {
  part.querySelectorAll("time[datetime]").forEach((time) => {
    const parts = /([+-])(\d\d):(\d\d)$/.exec(time.dateTime);
    if (!parts) return;
    const course = (parts[1] === "-" ? -1 : 1) * (60 * Number(parts[2]) + Number(parts[3]));
    const at = new Date(time.dateTime);
    if (course !== -at.getTimezoneOffset()) time.append(`, for you ${shown.format(at)}`);
  });
}

tell(document);
document.addEventListener("shown", (event) => tell(event.detail));

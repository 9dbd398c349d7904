// The calendar, on pages that have one: <section data-calendar="/calendar/events/">. Times are the organization's own,
// without a zone, both ways: what its clocks say is what is drawn and what is sent.
import { Calendar } from "@fullcalendar/core";
import ptBr from "@fullcalendar/core/locales/pt-br";
import dayGrid from "@fullcalendar/daygrid";
import interaction from "@fullcalendar/interaction";
import list from "@fullcalendar/list";
import timeGrid from "@fullcalendar/timegrid";
import { toast } from "./toasts.js";

const NOBODY = "00000000-0000-0000-0000-000000000000";
const HIDDEN = "calendar-hidden";
const BUTTONS = { en: { today: "Today", month: "Month", week: "Week", day: "Day", list: "List" } }; // others are the locale's
const isSmall = matchMedia("(max-width: 767px)").matches;

for (const element of document.querySelectorAll("[data-calendar]")) show(element);

function show(element) {
  const words = element.dataset;
  const people = new Map([...document.querySelectorAll("[data-person]")].map((box) => [box.dataset.person, box]));
  const cancelled = document.querySelector("[data-cancelled]");
  const colours = document.querySelector("[data-colours]");
  const hidden = new Set(JSON.parse(sessionStorage.getItem(HIDDEN) ?? "[]"));
  const mayMove = Boolean(words.move);

  for (const [id, box] of people) {
    box.checked = !hidden.has(id);
    if (box.dataset.colour) box.nextElementSibling.style.setProperty("background", box.dataset.colour);
    box.addEventListener("change", () => {
      box.checked ? hidden.delete(id) : hidden.add(id);
      sessionStorage.setItem(HIDDEN, JSON.stringify([...hidden]));
      calendar.refetchEvents();
    });
  }
  cancelled?.addEventListener("change", () => calendar.refetchEvents());
  colours?.addEventListener("change", () => calendar.refetchEvents());

  const isShown = (members) => (members.length ? members.some((id) => !hidden.has(id)) : !hidden.has(""));
  const colourOf = (visit) => (colours?.value === "person" ? people.get(visit.members[0])?.dataset.colour : visit.offering?.colour);
  const names = (members) => members.map((id) => people.get(id)?.parentElement.textContent.trim()).filter(Boolean).join(", ");

  function drawn(visit) {
    const isOver = visit.cancelled || ["done", "no_show", "under_way"].includes(visit.status);
    return {
      id: visit.id,
      title: visit.title,
      start: visit.start,
      end: visit.end,
      editable: mayMove && !isOver,
      url: words.detail ? words.detail.replace(NOBODY, visit.id) : undefined,
      extendedProps: { ...visit, colour: colourOf(visit) },
    };
  }

  const calendar = new Calendar(element, {
    plugins: [dayGrid, timeGrid, list, interaction],
    locales: [ptBr],
    locale: document.documentElement.lang,
    timeZone: words.timeZone,
    buttonText: BUTTONS[document.documentElement.lang] ?? {},
    now: () => clockOf(words.timeZone),
    initialView: isSmall ? "listWeek" : "timeGridWeek",
    headerToolbar: {
      start: "prev,next today",
      center: "title",
      end: isSmall ? "listWeek,timeGridDay,dayGridMonth" : "dayGridMonth,timeGridWeek,timeGridDay,listWeek",
    },
    initialDate: new URLSearchParams(location.search).get("day") || undefined,
    nowIndicator: true,
    // Seven narrow columns: where a visit ends shows by itself, and more than three at once are behind a link.
    views: { timeGridWeek: { displayEventEnd: false, eventMaxStack: 3 }, timeGridDay: { eventMaxStack: isSmall ? 3 : 12 } },
    height: isSmall ? heightOf("listWeek") : "calc(100dvh - 13rem)",
    expandRows: false,
    slotEventOverlap: false, // who works at the same time stands side by side; one over the other hides names
    eventTimeFormat: { hour: "2-digit", minute: "2-digit" },
    scrollTime: "07:00:00",
    slotDuration: "00:30:00",
    snapDuration: "00:15:00",
    allDaySlot: true,
    dayMaxEvents: isSmall ? 0 : true, // a phone's month tells how many; a touch lists them
    moreLinkContent: isSmall ? ({ num, view }) => (view.type === "dayGridMonth" ? String(num) : `+${num}`) : undefined,
    moreLinkClick: isSmall ? "listDay" : "popover",
    eventInteractive: true,
    navLinks: true,
    editable: mayMove,
    selectable: Boolean(words.new),
    selectMirror: true,
    longPressDelay: 400,
    async events({ startStr, endStr }, done, failed) {
      const query = new URLSearchParams({ start: startStr, end: endStr, ...(cancelled?.checked ? { cancelled: "1" } : {}) });
      try {
        const answer = await fetch(`${words.calendar}?${query}`, { headers: { Accept: "application/json" } });
        if (answer.status === 401) return location.reload();
        if (!answer.ok) throw new Error(String(answer.status));
        const { visits, days } = await answer.json();
        const shown = visits.filter((visit) => isShown(visit.members)).map(drawn);
        const off = days.filter((day) => !day.members.length || isShown(day.members));
        done([...shown, ...off.map((day) => ({ ...day, allDay: true, display: "background" }))]);
      } catch (error) {
        toast({ text: words.wordFailed, tone: "danger" });
        failed(error);
      }
    },
    datesSet({ view }) {
      if (isSmall && view.calendar.getOption("height") !== heightOf(view.type)) {
        view.calendar.setOption("height", heightOf(view.type)); // a day has its own scroll, or it begins at midnight
        setTimeout(() => view.calendar.scrollToTime("07:00:00"));
      }
      for (const icon of element.querySelectorAll(".fc-icon")) icon.setAttribute("aria-hidden", "true"); // the title says it
      for (const day of element.querySelectorAll(".fc-timegrid-col[role=gridcell]")) day.tabIndex = 0; // arrows scroll
    },
    eventDidMount({ event, el, timeText }) {
      if (event.display === "background") return;
      const { status, cancelled: isOff, colour, city, members, offering } = event.extendedProps;
      el.dataset.state = isOff ? "cancelled" : status;
      if (colour) el.style.setProperty("--bar", colour);
      const state = isOff ? words.wordCancelled : element.getAttribute(`data-status-${status}`);
      const who = names(members) || words.wordAlone;
      el.title = [timeText, event.title, offering?.name, city, who, state].filter(Boolean).join(" · ");
    },
    eventContent({ event, timeText, view }) {
      if (event.display === "background") return true;
      const box = document.createElement("div");
      const name = document.createElement("b");
      name.textContent = event.title;
      const time = document.createElement("span");
      time.className = "time";
      time.textContent = view.type.startsWith("list") ? "" : timeText;
      const about = document.createElement("div");
      about.className = "about";
      const { offering, city, members } = event.extendedProps;
      about.textContent = view.type === "dayGridMonth" ? "" : [offering?.name, city, names(members) || words.wordAlone].filter(Boolean).join(" · ");
      box.append(time, " ", name, about); // the space is outside: a line may break there
      return { domNodes: [box] };
    },
    select({ startStr, endStr, allDay }) {
      const query = new URLSearchParams(allDay ? { day: startStr } : { starts_at: startStr, ends_at: endStr });
      location.assign(`${words.new}?${query}`);
    },
    eventDrop: moved,
    eventResize: moved,
  });

  async function moved({ event, revert }) {
    const { version, series } = event.extendedProps;
    const scope = series ? await asked("series") : "this";
    if (!scope) return revert();
    await send({ event, revert, version, values: { starts_at: bare(event.startStr), ends_at: bare(event.endStr), scope } });
  }

  async function send({ event, revert, version, values }) {
    let answer;
    try {
      answer = await fetch(words.move.replace(NOBODY, event.id), {
        method: "POST",
        body: JSON.stringify(values),
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "If-Match": `"v${version}"`,
          "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
        },
      });
    } catch {
      toast({ text: document.body.dataset.offline, tone: "danger" });
      return revert();
    }
    if (answer.ok) {
      toast({ text: words.wordMoved });
      return calendar.refetchEvents();
    }
    revert();
    const told = await answer.json().catch(() => ({}));
    const again = await refused(told, values);
    if (again) return send({ event, revert: () => {}, version, values: again });
    if (answer.status === 412) calendar.refetchEvents();
  }

  calendar.render();
}

// Why not, and what else could be: one of the free times, or this time although nobody works then.
async function refused(told, values) {
  const dialog = document.getElementById("collision");
  dialog.querySelector("[data-why]").textContent = (told.errors ?? []).map((one) => one.message).join(" ") || told.detail || document.body.dataset.failed;
  const offered = values.scope === "this" ? told.alternatives ?? [] : [];
  dialog.querySelector("[data-free]").hidden = !offered.length;
  dialog.querySelector("[data-overrule]").hidden = told.code !== "not_working";
  const style = { weekday: "short", day: "numeric", month: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "UTC" };
  const said = new Intl.DateTimeFormat(document.documentElement.lang, style);
  dialog.querySelector("[data-alternatives]").replaceChildren(...offered.map((slot, at) => {
    const button = document.createElement("button");
    button.className = "btn";
    button.value = String(at);
    button.textContent = said.format(new Date(`${bare(slot.starts_at)}Z`));
    return button;
  }));
  const chosen = await asked("collision");
  if (chosen === "overrule") return { ...values, overrule: true };
  const slot = chosen ? offered[Number(chosen)] : null;
  return slot ? { ...values, starts_at: bare(slot.starts_at), ends_at: bare(slot.ends_at) } : null;
}

function asked(id) {
  const dialog = document.getElementById(id);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue), { once: true });
  });
}

// On a phone.
function heightOf(view) {
  return view === "timeGridDay" ? "75dvh" : "auto";
}

// "2026-11-25T10:00:00-03:00" as its clocks say it.
const bare = (text) => text.slice(0, 19);

// What a clock there says now, as "2026-11-25T10:00:00".
function clockOf(timeZone) {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
  return new Intl.DateTimeFormat("sv-SE", { ...parts, timeZone }).format(new Date()).replace(" ", "T");
}

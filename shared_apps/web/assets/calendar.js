// The calendar, on pages that have one: <div data-calendar="/events/">.
import { Calendar } from "@fullcalendar/core";
import ptBr from "@fullcalendar/core/locales/pt-br";
import dayGrid from "@fullcalendar/daygrid";
import interaction from "@fullcalendar/interaction";
import list from "@fullcalendar/list";
import timeGrid from "@fullcalendar/timegrid";

for (const element of document.querySelectorAll("[data-calendar]")) {
  new Calendar(element, {
    plugins: [dayGrid, timeGrid, list, interaction],
    locales: [ptBr],
    locale: document.documentElement.lang,
    timeZone: element.dataset.timeZone,
    initialView: matchMedia("(max-width: 767px)").matches ? "listWeek" : "timeGridWeek",
    headerToolbar: { start: "prev,next today", center: "title", end: "dayGridMonth,timeGridWeek,timeGridDay,listWeek" },
    events: element.dataset.calendar,
    nowIndicator: true,
    height: "auto",
  }).render();
}

"""The calendar: as a page that is dragged in, and as feeds that other calendars read."""

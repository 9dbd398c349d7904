"""English dates name the month: whoever reads English here may read 11/12 either way. Portuguese: see beside."""

DATE_FORMAT = "F j, Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "M j, Y\u00a0H:i"
SHORT_DATE_FORMAT = "M j, Y"
SHORT_DATETIME_FORMAT = "M j, Y H:i"

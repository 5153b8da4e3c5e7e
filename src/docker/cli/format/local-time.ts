const TWO = (number: number): string => String(number).padStart(2, "0");

/** `2024-05-01 10:20:30 +0200 CEST`: Unix seconds in the local zone, as Go prints a time. */
export function localTime(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  const day = `${date.getFullYear()}-${TWO(date.getMonth() + 1)}-${TWO(date.getDate())}`;
  const time = `${TWO(date.getHours())}:${TWO(date.getMinutes())}:${TWO(date.getSeconds())}`;
  return `${day} ${time} ${zoneOffset(date)} ${zoneName(date)}`;
}

/** `2024-05-01T10:20:30+02:00`, or with `Z`: Unix seconds in the local zone (RFC 3339). */
export function localRfc3339(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  const offset = zoneOffset(date);
  const zone = offset === "+0000" ? "Z" : `${offset.slice(0, 3)}:${offset.slice(3)}`;
  return `${localTime(unixSeconds).slice(0, 19).replace(" ", "T")}${zone}`;
}

/** An RFC 3339 time as Go prints it, `2024-05-01 10:20:30.123 +0000 UTC`. */
export function goTime(rfc3339: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)(Z|([+-]\d\d):(\d\d))$/.exec(rfc3339);
  if (!match) return "0001-01-01 00:00:00 +0000 UTC";
  const [, day, time = "", zone, hours, minutes] = match;
  const shown = time.includes(".") ? time.replace(/\.?0+$/, "") : time;
  return `${day} ${shown} ${zone === "Z" ? "+0000 UTC" : `${hours}${minutes} ${hours}${minutes}`}`;
}

function zoneOffset(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const whole = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${TWO(Math.trunc(whole / 60))}${TWO(whole % 60)}`;
}

function zoneName(date: Date): string {
  const name = new Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts(date).find(({ type }) => type === "timeZoneName");
  // Where a zone has no letters Go prints its offset.
  return name === undefined || name.value.startsWith("GMT") ? zoneOffset(date).replace(/00$/, "") : name.value;
}

/** The part of an amount, rounded to the nearest cent: 10 % of 473 is 47. */
export function percentOf(cents, percent) {
  return Math.round((cents * percent) / 100);
}

/** 1234 is "12.34"; a minus sign goes in front. */
export function formatCents(cents) {
  const sign = cents < 0 ? "-" : "";
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

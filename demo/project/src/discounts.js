import { lineTotal, subtotal } from "./cart.js";
import { percentOf } from "./money.js";

/**
 * What a voucher takes off the basket, in cents.
 *
 * A voucher is one of
 *   { kind: "percent", percent: 10 }
 *   { kind: "amount", cents: 500 }
 */
export function discountFor(cart, voucher) {
  if (!voucher) {
    return 0;
  }
  if (voucher.kind === "amount") {
    return Math.min(voucher.cents, subtotal(cart));
  }
  if (voucher.kind !== "percent") {
    throw new TypeError(`unknown voucher: ${voucher.kind}`);
  }
  let discount = 0;
  for (const line of cart.lines) {
    discount += percentOf(lineTotal(line), voucher.percent);
  }
  return discount;
}

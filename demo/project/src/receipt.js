import { lineTotal, subtotal } from "./cart.js";
import { discountFor } from "./discounts.js";
import { formatCents } from "./money.js";

const WIDTH = 33;

/** The receipt as text: one row a line, then subtotal, voucher if there is one, and total. */
export function printReceipt(cart, voucher) {
  const before = subtotal(cart);
  const discount = discountFor(cart, voucher);
  const rows = cart.lines.map((line) => row(title(line), lineTotal(line)));
  rows.push("-".repeat(WIDTH), row("Subtotal", before));
  if (discount > 0) {
    rows.push(row(voucher.kind === "percent" ? `Voucher -${voucher.percent}%` : "Voucher", -discount));
  }
  rows.push(row("Total", before - discount));
  return rows.join("\n");
}

function title(line) {
  return line.quantity === 1 ? line.name : `${line.name} x ${line.quantity}`;
}

function row(label, cents) {
  const amount = formatCents(cents);
  return label.padEnd(WIDTH - amount.length) + amount;
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { addItem, createCart, printReceipt } from "../src/index.js";

function shopping() {
  const cart = createCart();
  addItem(cart, { name: "Coffee beans", cents: 1290 });
  addItem(cart, { name: "Oat milk", cents: 225 }, 2);
  return cart;
}

test("printReceipt lists lines, subtotal, voucher and total", () => {
  assert.equal(
    printReceipt(shopping(), { kind: "percent", percent: 10 }),
    [
      "Coffee beans                12.90",
      "Oat milk x 2                 4.50",
      "---------------------------------",
      "Subtotal                    17.40",
      "Voucher -10%                -1.74",
      "Total                       15.66",
    ].join("\n"),
  );
});

test("printReceipt leaves out the voucher when there is none", () => {
  assert.doesNotMatch(printReceipt(shopping()), /Voucher/);
});

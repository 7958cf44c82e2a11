import assert from "node:assert/strict";
import { test } from "node:test";
import { addItem, createCart, discountFor } from "../src/index.js";

function breakfast() {
  const cart = createCart();
  addItem(cart, { name: "Bananas", cents: 99 });
  addItem(cart, { name: "Yoghurt", cents: 149 });
  addItem(cart, { name: "Oat milk", cents: 225 });
  return cart;
}

test("discountFor is nothing without a voucher", () => {
  assert.equal(discountFor(breakfast(), undefined), 0);
});

test("discountFor takes a percentage off the whole basket and rounds once", () => {
  // 10 % of 4.73 is 0.473, so 0.47.
  assert.equal(discountFor(breakfast(), { kind: "percent", percent: 10 }), 47);
});

test("discountFor never takes off more than the basket costs", () => {
  assert.equal(discountFor(breakfast(), { kind: "amount", cents: 100 }), 100);
  assert.equal(discountFor(breakfast(), { kind: "amount", cents: 5000 }), 473);
});

test("discountFor refuses a voucher it does not know", () => {
  assert.throws(() => discountFor(breakfast(), { kind: "mystery" }), /unknown voucher: mystery/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { addItem, createCart, removeItem, subtotal } from "../src/index.js";

test("addItem raises the quantity of an item that is in the basket", () => {
  const cart = addItem(addItem(createCart(), { name: "Apple", cents: 40 }), { name: "Apple", cents: 40 }, 2);
  assert.deepEqual(cart.lines, [{ name: "Apple", cents: 40, quantity: 3 }]);
});

test("addItem refuses a price that is not in whole cents", () => {
  assert.throws(() => addItem(createCart(), { name: "Apple", cents: 0.4 }), /whole number of cents/);
});

test("removeItem takes out all of an item", () => {
  const cart = addItem(createCart(), { name: "Apple", cents: 40 }, 3);
  assert.deepEqual(removeItem(cart, "Apple").lines, []);
});

test("subtotal adds up all lines", () => {
  const cart = addItem(addItem(createCart(), { name: "Apple", cents: 40 }, 3), { name: "Bread", cents: 250 });
  assert.equal(subtotal(cart), 370);
});

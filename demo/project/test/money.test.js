import assert from "node:assert/strict";
import { test } from "node:test";
import { formatCents, percentOf } from "../src/index.js";

test("percentOf rounds to the nearest cent", () => {
  assert.equal(percentOf(473, 10), 47);
  assert.equal(percentOf(475, 10), 48);
});

test("formatCents prints two digits after the point", () => {
  assert.deepEqual([0, 5, 1234, -174].map(formatCents), ["0.00", "0.05", "12.34", "-1.74"]);
});

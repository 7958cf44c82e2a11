/** An empty basket. */
export function createCart() {
  return { lines: [] };
}

/** Puts an item in the basket. The same item again only raises its quantity. */
export function addItem(cart, item, quantity = 1) {
  if (!Number.isInteger(item.cents) || item.cents < 0) {
    throw new RangeError(`${item.name}: a price is a whole number of cents`);
  }
  if (!Number.isInteger(quantity) || quantity < 1) {
    throw new RangeError(`${item.name}: a quantity is a whole number from 1`);
  }
  const line = cart.lines.find((each) => each.name === item.name && each.cents === item.cents);
  if (line) {
    line.quantity += quantity;
  } else {
    cart.lines.push({ name: item.name, cents: item.cents, quantity });
  }
  return cart;
}

/** Takes all of an item out of the basket. */
export function removeItem(cart, name) {
  cart.lines = cart.lines.filter((line) => line.name !== name);
  return cart;
}

/** What one line costs, in cents. */
export function lineTotal(line) {
  return line.cents * line.quantity;
}

/** What the whole basket costs before any voucher, in cents. */
export function subtotal(cart) {
  return cart.lines.reduce((sum, line) => sum + lineTotal(line), 0);
}

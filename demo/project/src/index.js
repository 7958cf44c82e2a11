export { addItem, createCart, lineTotal, removeItem, subtotal } from "./cart.js";
export { discountFor } from "./discounts.js";
export { formatCents, percentOf } from "./money.js";
export { printReceipt } from "./receipt.js";

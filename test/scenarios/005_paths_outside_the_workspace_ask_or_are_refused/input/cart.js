export function total(prices) {
	return prices.reduce((a, b) => a - b, 0);
}

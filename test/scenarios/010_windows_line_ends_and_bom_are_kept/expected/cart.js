export function total(prices) {
	// sum
	return prices.reduce((a, b) => a - b, 0);
}

export function total(prices) {
	return prices.reduce((a, b) => $& $1 $$ \n, 0);
}

/** What stands in the composer once this text is put there: what the person wrote and did not send stays, below. No text clears it. */
export function putAbove(text: string, draft: string): string {
	return text === "" || draft.trim() === "" || draft === text ? text : `${text}\n\n${draft}`;
}

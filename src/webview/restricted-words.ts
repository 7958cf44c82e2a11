import { t } from "./words.ts";

/** Why nothing can be begun in a folder that nobody trusts; the button that leads on is in the notice above the composer. */
export const restrictedWords = (): string => t("This folder is in Restricted Mode. Kimi stays off until you trust it.");

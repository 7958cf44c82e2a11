/** A header or field of such a name carries a key, a password or a session. */
const SECRET_NAME =
	/(key|token|secret|passw(or)?d|passphrase|credential|cookie|signature|auth(entication|orization)?)s?(?![a-z])/i;
/** How keys begin: schemes of HTTP, prefixes of vendors, JSON in Base64. */
const SECRET_VALUE = /^((bearer|basic)\s|eyJ|(sk|pk|rk|csk|xai|nvapi|pplx)-[\w-]{8}|(sk|hf|gsk|fw|tgp|ghp)_\w{8})/i;

/** Whether a text is a key by its name or by its own looks; hardly ever wrong. */
export function isSecret(name: string, value: string): boolean {
	return SECRET_NAME.test(name) || SECRET_VALUE.test(value.trim());
}

/** A few letters, a dash, and a long rest with digits. */
const PREFIXED_VALUE = /^[a-z]{2,5}[-_](?=\S*\d)\S{12,}$/i;
/** Long, without blanks, with letters and digits: nobody writes such a word. */
const RANDOM_VALUE = /^(?=.*\d)(?=.*[a-z])[\w+/=.~-]{20,}$/i;

/** The same, on the safe side: at times a harmless text is taken for a secret. */
export function mayBeSecret(name: string, value: string): boolean {
	return isSecret(name, value) || PREFIXED_VALUE.test(value.trim()) || RANDOM_VALUE.test(value.trim());
}

const UUID = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/i;
/** Sixteen or more letters and digits in a row, of both kinds. */
const RANDOM_RUN = /(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{16,}/i;

/** Whether a part of a path is a key: the name of a deployment has dashes between its words. */
export function isSecretPart(part: string): boolean {
	return isSecret("", part) || UUID.test(part) || RANDOM_RUN.test(part);
}

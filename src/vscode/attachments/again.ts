import type { Attached, Wanted } from "../../shared/attachments.ts";

/**
 * What went with a message, to be given with it once more: what lies in files or elsewhere is read anew then, the rest is
 * what it was. The editor in front is not what it was.
 */
export function wantedAgain({ kind, name, text, path, picture, failed }: Attached): readonly Wanted[] {
	switch (kind) {
		case "active":
			return [];
		case "image":
			return picture ? [{ kind, name, picture }] : [];
		case "changes":
			return [{ kind }];
		case "page":
			return [{ kind, url: name }];
		case "file":
		case "folder":
			return path === undefined ? [{ kind, path: name }] : [{ kind, path }];
		case "problems":
			return [{ kind, ...(path !== undefined && { path }) }];
		case "terminal":
		case "text":
			return [{ kind, name, text }];
		case "selection":
		case "symbol":
			// Its lines may be others by now.
			return failed === undefined ? [{ kind: "text", name, text }] : [];
	}
}

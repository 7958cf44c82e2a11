import { MAX_IMAGE_BYTES, MAX_THUMB, type Picture } from "../shared/attachments.ts";

export interface Size {
	readonly width: number;
	readonly height: number;
}

/** Pixels of the long side: what is more, models make smaller by themselves. */
const MAX_SIDE = 1_568;
/** What is tried for a thumbnail, the largest first. */
const THUMB_SIDES = [320, 240, 160, 96, 48];
const QUALITIES = [0.9, 0.8, 0.65, 0.5];

/** The size of a picture that is made smaller, never larger, until its long side fits; no side is ever nothing. */
export function within({ width, height }: Size, side: number): Size {
	const scale = Math.min(1, side / Math.max(width, height));
	return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * A picture as it is sent. It is always drawn anew: what a camera wrote beside it, such as the place, stays behind.
 * Undefined for what is no picture that a browser can read, or that will not get small enough.
 */
export async function readPicture(file: Blob): Promise<Picture | undefined> {
	const source = await createImageBitmap(file).catch(() => undefined);
	if (!source) return undefined;
	try {
		const image = await firstThat((blob) => blob.size <= MAX_IMAGE_BYTES, attempts(source, file.type));
		const thumb = await firstThat((blob) => base64Size(blob) <= MAX_THUMB, thumbs(source));
		if (!image) return undefined;
		return {
			mime: image.type === "image/png" ? "image/png" : "image/jpeg",
			data: (await dataUrl(image)).replace(/^[^,]*,/, ""),
			...(thumb && { thumb: await dataUrl(thumb) }),
		};
	} finally {
		source.close();
	}
}

type Attempt = () => Promise<Blob>;

/** Without loss where that is small enough, as screenshots are; a photograph never is. */
function attempts(source: ImageBitmap, type: string): readonly Attempt[] {
	const jpegs = [MAX_SIDE, MAX_SIDE / 2].flatMap((side) =>
		QUALITIES.map((quality) => () => draw(source, side, { type: "image/jpeg", quality })),
	);
	return type === "image/jpeg" ? jpegs : [() => draw(source, MAX_SIDE, { type: "image/png" }), ...jpegs];
}

function thumbs(source: ImageBitmap): readonly Attempt[] {
	return THUMB_SIDES.map((side) => () => draw(source, side, { type: "image/jpeg", quality: 0.7 }));
}

async function firstThat(fits: (blob: Blob) => boolean, all: readonly Attempt[]): Promise<Blob | undefined> {
	for (const attempt of all) {
		const blob = await attempt();
		if (fits(blob)) return blob;
	}
	return undefined;
}

async function draw(source: ImageBitmap, side: number, options: ImageEncodeOptions): Promise<Blob> {
	const { width, height } = within(source, side);
	const canvas = new OffscreenCanvas(width, height);
	const context = canvas.getContext("2d");
	if (context && options.type === "image/jpeg") {
		// It has no transparency: what shows through would be black.
		context.fillStyle = "#fff";
		context.fillRect(0, 0, width, height);
	}
	if (context) context.imageSmoothingQuality = "high";
	context?.drawImage(source, 0, 0, width, height);
	return canvas.convertToBlob(options);
}

/** Characters of its data URL. */
function base64Size(blob: Blob): number {
	return `data:${blob.type};base64,`.length + 4 * Math.ceil(blob.size / 3);
}

function dataUrl(blob: Blob): Promise<string> {
	return new Promise((resolve) => {
		const reader = new FileReader();
		reader.onloadend = () => resolve(typeof reader.result === "string" ? reader.result : "");
		reader.readAsDataURL(blob);
	});
}

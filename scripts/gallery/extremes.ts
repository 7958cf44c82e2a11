import type { HostMessage } from "../../src/shared/protocol.ts";
import { bash, call, edit, ended, type Item, prompted, read, replied, say, think } from "./log.ts";
import { scene } from "./scene.ts";

const longName =
	"src/a-folder-whose-name-goes-on/and-on/components/ShoppingCartCouponDiscountCalculator.integration.test.ts";
const longWord = "pneumonoultramicroscopicsilicovolcanoconiosis".repeat(4);

const long: readonly Item[] = [
	prompted(`Fix ${longName} and ${longWord}`),
	replied([think("It is long."), say(`I look at \`${longName}\`, and at ${longWord}.`), call("c1", "Read")]),
	...read("c1", longName, { text: "1\texport {};\n" }),
	replied([call("b1", "Bash")]),
	...bash("b1", `npx mocha "${longName}" --grep "${longWord}" --reporter spec --timeout 20000`, "failed", {
		text: "exit code 1",
	}),
	replied([say("It has no tests.")]),
	ended("done"),
];

const rightToLeft: readonly Item[] = [
	prompted("המחיר בעגלה שגוי כשיש קופון. מצא את הסיבה ותקן אותה ב־src/cart.ts."),
	replied([think("He asks in Hebrew."), say("אני בודק את העגלה ואת הבדיקות."), call("e1", "Edit")]),
	...edit("e1"),
	replied([
		say(
			"تم الإصلاح: الدالة `total()` تطرح الخصم **مرة واحدة** بعد الجمع.\n\n- لا يقل المجموع عن صفر\n- جميع الاختبارات ناجحة",
		),
	]),
	ended("done"),
];

/** What stretches the page. */
export const extremes: Readonly<Record<string, readonly HostMessage[]>> = {
	"long-names": scene(long, {
		endpoint: "A private server with quite a long name",
		model: "an-organisation/kimi-k2.7-code-instruct-fp8-dynamic-128k",
	}),
	"right-to-left": scene(rightToLeft, { draft: "תודה! עכשיו עדכן את README.md" }),
};

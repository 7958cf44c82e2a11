import fs from "node:fs";
import Mocha from "mocha";

/** mocha's usual report, and its counts as JSON in the file that MOCHA_COUNTS names: nobody has to read the text. */
class SpecWithCounts extends Mocha.reporters.Spec {
	constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
		super(runner, options);
		runner.once("end", () => {
			const file = process.env["MOCHA_COUNTS"];
			const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
			if (file) {
				fs.writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
			}
		});
	}
}

// mocha loads a reporter with `require` and takes what the module itself is.
export { SpecWithCounts as "module.exports" };

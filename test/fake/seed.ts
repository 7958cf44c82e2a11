import fc from "fast-check";

/*
 * Property tests run on the same inputs each time: a run that fails fails again. `FC_SEED=random FC_RUNS=20000 npm test
 * -- --only units` looks for new ones; what it finds becomes a case of its own.
 */
const { FC_SEED = "2026", FC_RUNS = "" } = process.env;
fc.configureGlobal({
	...(FC_SEED === "random" ? {} : { seed: Number(FC_SEED) }),
	...(FC_RUNS === "" ? {} : { numRuns: Number(FC_RUNS) }),
});

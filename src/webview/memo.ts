import { Component, type ComponentChild, createElement } from "preact";

type Same<P> = (a: Readonly<P>, b: Readonly<P>) => boolean;

/**
 * A component that renders again only when one of its props is another object: the state shares what did not change.
 * `isSame`: looks closer at what it shows of them.
 */
export function memo<P extends object>(view: (props: P) => ComponentChild, isSame: Same<P> = shallowEqual) {
	return class Memo extends Component<P> {
		override shouldComponentUpdate(next: Readonly<P>): boolean {
			return !isSame(this.props, next);
		}
		override render(props: P): ComponentChild {
			return createElement(view, props);
		}
	};
}

/** Whether both have the same entries, each the same object. */
export function shallowEqual<P extends object>(a: P, b: P): boolean {
	const keys = Object.keys(b) as (keyof P)[];
	return Object.keys(a).length === keys.length && keys.every((key) => a[key] === b[key]);
}

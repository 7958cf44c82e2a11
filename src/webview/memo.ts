import { Component, type ComponentChild, createElement } from "preact";

/** A component that renders again only when one of its props is another object: the state shares what did not change. */
export function memo<P extends object>(view: (props: P) => ComponentChild) {
	return class Memo extends Component<P> {
		override shouldComponentUpdate(next: Readonly<P>): boolean {
			return !shallowEqual(this.props, next);
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

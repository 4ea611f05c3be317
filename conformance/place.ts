/** The folder `conformance/`, also when this runs compiled, in `conformance/dist/`. */
export const folder: URL = new URL(import.meta.url.endsWith(".js") ? "../" : "./", import.meta.url);

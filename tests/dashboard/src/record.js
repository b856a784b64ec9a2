// What happens in the page, for the tests: what Splunk's code said and wanted to open.
const fresh = () => ({ ready: false, validation: [], links: [] });

export let record = fresh();

// Begins anew for the next view; what an earlier view still says is lost.
export const restart = () => {
    record = fresh();
};

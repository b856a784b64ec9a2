// The part of splunkd's REST end that Splunk's data sources use, answered with results of replay.
//
// A result is found by what has been asked in all: a job's SPL, the post-process search of a chain
// joined to it, and the job's window. What replay has not run is noted as unanswered.
const NO_RESULT = { fields: [], columns: [] };
const DONE = { dispatchState: 'DONE', doneProgress: 1, isDone: true, isFailed: false, isFinalized: false };
const LIFE = 600; // s that a finished job is kept

// Counts on from one view to the next: a page still asks about jobs of the view before.
let dispatched = 0;

const chained = (base, then) => (then ? `${base} | ${then.replace(/^\s*\|\s*/, '')}` : base);

export class Splunkd {
    constructor({ results = {}, columns = {}, saved = {}, now = 0 } = {}) {
        Object.assign(this, { results, columns, saved, now });
        this.jobs = new Map(); // by id: what was dispatched, with the id of the data source
        this.fetches = []; // of results: what was asked in all, and the post-process search
        this.unanswered = [];
        this.requests = 0;
    }

    // Returns the answer to a request as {status, body}, or null where the path is not known.
    answer(method, path, parameters) {
        this.requests += 1;
        const [, job, rest = ''] = path.match(/\/search\/(?:v2\/)?jobs(?:\/([^/]+)(?:\/(\w+))?)?$/)?.map((part) => part ?? '') ?? [];
        const [, name, dispatch] = path.match(/\/saved\/searches\/([^/]+)(\/dispatch)?$/) ?? [];
        if (name) {
            const known = this.saved[decodeURIComponent(name)];
            return known && (dispatch ? this.dispatched(known, parameters.get('dispatch.label')) : savedSearch(known));
        }
        if (job === undefined) {
            return null;
        }
        if (!job) {
            return method === 'POST' ? this.created(parameters) : this.states(parameters.getAll('id'));
        }
        const results = ['results', 'results_preview'].includes(rest);
        return results ? this.resultsOf(job, parameters) : { status: 200, body: { messages: [] } };
    }

    created(parameters) {
        const [spl, earliest, latest] = ['search', 'earliest_time', 'latest_time'].map((one) => parameters.get(one) ?? '');
        return this.dispatched({ spl, earliest, latest }, parameters.get('label'));
    }

    dispatched({ spl, earliest, latest }, id) {
        dispatched += 1;
        const sid = `replay_${dispatched}`;
        this.jobs.set(sid, { id, spl, earliest, latest });
        return { status: 201, body: { sid } };
    }

    states(sids) {
        return { status: 200, body: { entry: sids.filter((sid) => this.jobs.has(sid)).map((sid) => this.state(sid)) } };
    }

    state(sid) {
        const count = rowsOf(this.found(this.jobs.get(sid)));
        const content = { ...DONE, sid, resultCount: count, resultPreviewCount: count, runDuration: 0, ttl: LIFE };
        return { name: this.jobs.get(sid).spl, published: new Date(this.now * 1000).toISOString(), content };
    }

    resultsOf(sid, parameters) {
        const then = parameters.get('search') ?? '';
        const { id, spl, earliest, latest } = this.jobs.get(sid);
        const asked = { id, spl: chained(spl, then), earliest, latest };
        this.fetches.push({ ...asked, then });
        const found = this.found(asked);
        if (!found) {
            this.unanswered.push(asked);
        }
        const { fields, columns } = found ?? NO_RESULT;
        const offset = Number(parameters.get('offset') ?? 0);
        const end = offset + (Number(parameters.get('count') ?? 0) || Infinity);
        const page = { fields, columns: columns.map((column) => column.slice(offset, end)) };
        const whole = then ? { post_process_count: rowsOf(found) } : {};
        return { status: 200, body: { preview: false, init_offset: offset, messages: [], ...whole, ...page } };
    }

    found({ id, spl, earliest, latest }) {
        return this.results[JSON.stringify([spl, earliest, latest])] ?? this.columns[id];
    }
}

const rowsOf = (found) => found?.columns[0]?.length ?? 0;

const savedSearch = ({ spl }) => ({
    status: 200,
    body: { entry: [{ content: { search: spl, is_scheduled: false } }] },
});

// Data sources that answer from the results of replay where Splunk's own would ask splunkd.
//
// An answer is found by what splunkd would be asked to run: the whole SPL with its tokens
// substituted, and its window. What replay has not run is noted as unanswered.
import { DataSet, mergeSearches } from '@splunk/datasource-utils';
import DataSource from '@splunk/datasources/DataSource';
import { record } from './record';

const NOTHING = () => {};
const NO_RESULT = { fields: [], columns: [] };

const keyOf = ({ spl, earliest, latest }) => JSON.stringify([spl, earliest, latest]);

const dataSources = ({ results, columns, saved, now }) => {
    class Search extends DataSource {
        // What splunkd would be asked to run; null as long as it cannot be known.
        asked() {
            const { query, queryParameters = {} } = this.options;
            const { earliest = '', latest = '' } = queryParameters;
            return { spl: query, earliest, latest };
        }

        request(parameters = {}) {
            const asked = this.asked();
            return (observer) => {
                if (observer && asked) {
                    this.answer(asked, parameters, observer);
                }
                return NOTHING;
            };
        }

        answer(asked, { count, offset }, observer) {
            const { id } = this.context;
            const result = results[keyOf(asked)];
            record.searches.push({ id, ...asked });
            if (!result) {
                record.unanswered.push({ id, ...asked });
            }
            const shown = result ?? columns[id] ?? NO_RESULT;
            observer.next({
                data: DataSet.fromJSONCols(shown.fields, shown.columns).getPage({ count, offset }),
                meta: {
                    asked,
                    totalCount: shown.columns[0]?.length ?? 0,
                    percentComplete: 100,
                    status: 'done',
                    sid: `replay_${id}`,
                    lastUpdated: new Date(now * 1000).toISOString(),
                },
            });
            observer.complete();
        }
    }

    class SavedSearch extends Search {
        asked() {
            const known = saved[this.options.ref];
            if (!known) {
                throw new Error(`the app has no saved search ${this.options.ref}`);
            }
            return known;
        }
    }

    class Chain extends Search {
        asked() {
            const { base } = this;
            return base && { ...base, spl: mergeSearches(base.spl, this.options.query) };
        }

        getObserver() {
            return { next: ({ meta }) => this.follow(meta.asked), error: NOTHING, complete: NOTHING };
        }

        follow(base) {
            this.changed = !this.base || keyOf(this.base) !== keyOf(base);
            this.base = base;
        }

        shouldRefreshSubscription() {
            return this.changed;
        }
    }

    return { 'ds.search': Search, 'ds.savedSearch': SavedSearch, 'ds.chain': Chain };
};

// Each stands in for one of Splunk's, with the schema of that one.
export const answering = (given, theirs) =>
    Object.fromEntries(
        Object.entries(dataSources(given)).map(([type, Ours]) => [
            type,
            Object.assign(Ours, { schema: theirs[type].schema, config: theirs[type].config }),
        ])
    );

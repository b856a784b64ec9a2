// Splunk Web's link handlers are in no package: these note what they would be asked to open.
import { record } from './record';

const TYPES = ['drilldown.linkToSearch', 'drilldown.linkToDashboard', 'drilldown.linkToReport'];

const noting = (type) =>
    class {
        constructor(options = {}) {
            this.options = options;
        }

        canHandle = ({ type: event }) => !this.options.events || this.options.events.includes(event);

        handle = async () => {
            record.links.push({ type, ...this.options });
            return [];
        };
    };

export const links = Object.fromEntries(TYPES.map((type) => [type, noting(type)]));

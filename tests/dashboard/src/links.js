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
            const { fields, ...options } = this.options;
            record.links.push({ handler: type, options });
            return [];
        };
    };

// What a customUrl would open, noted instead of left for.
export const plugin = {
    onLinkToUrl: (event) => {
        const { url, newTab } = event;
        record.links.push({ handler: 'drilldown.customUrl', options: { url, newTab } });
        event.preventDefault();
    },
};

export const links = Object.fromEntries(TYPES.map((type) => [type, noting(type)]));

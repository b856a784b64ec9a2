// A view as Splunk Web shows it: Splunk's packages around the shipped definition, unchanged.
import React from 'react';
import { createRoot } from 'react-dom/client';
import styled from 'styled-components';
import { DashboardContextProvider, GeoJsonProvider, GeoRegistry } from '@splunk/dashboard-context';
import DashboardCore from '@splunk/dashboard-core';
import EnterpriseViewOnlyPreset from '@splunk/dashboard-presets/EnterpriseViewOnlyPreset';
import InputPresets from '@splunk/dashboard-presets/InputPresets';
import { SplunkThemeProvider, variables } from '@splunk/themes';
import { links, plugin } from './links';
import { record, restart } from './record';
import { schema, validate } from './validator';

const Page = styled.div`
    height: 100%;
    background: ${variables.backgroundColorPage};
`;

const geoRegistry = GeoRegistry.create();
geoRegistry.addDefaultProvider(new GeoJsonProvider());

// Data sources are Splunk's own: they ask splunkd, for which splunkd.mjs answers.
const preset = {
    ...EnterpriseViewOnlyPreset,
    // The enterprise preset's time range input needs Splunk Web around it; this one does not.
    inputs: {
        ...EnterpriseViewOnlyPreset.inputs,
        'input.timerange': InputPresets.inputs['input.timerange'],
    },
    eventHandlers: { ...EnterpriseViewOnlyPreset.eventHandlers, ...links },
};

const View = ({ given }) => (
    <SplunkThemeProvider family="enterprise" colorScheme={given.theme} density="compact">
        <DashboardContextProvider
            preset={preset}
            dashboardPlugin={plugin}
            initialDefinition={given.definition}
            initialMode="view"
            geoRegistry={geoRegistry}
            timezone={{ ianaTimezone: given.zone }}
        >
            <Page>
                <DashboardCore
                    width="100%"
                    height="100%"
                    dashboardCoreApiRef={(api) => {
                        record.ready = Boolean(api);
                    }}
                    onValidationError={(message) => record.validation.push(message)}
                />
            </Page>
        </DashboardContextProvider>
    </SplunkThemeProvider>
);

let root = null;

const show = (given) => {
    root?.unmount();
    restart();
    window.history.replaceState(null, '', `/?${new URLSearchParams(given.address)}`);
    root = createRoot(document.getElementById('root'));
    root.render(<View given={given} />);
};

window.views = { schema, validate, show, recorded: () => record };

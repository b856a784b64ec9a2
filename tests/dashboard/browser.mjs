// One page for all pictures: reads requests as JSON lines and answers each with a line.
//
// {"validate": definition} answers with what Splunk's validator says, {"schema": true} with its
// schema. {"given": {definition, results, theme, ...}, "size", "steps", "picture"} shows a view,
// takes the steps and answers with what the page recorded.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { chromium } from 'playwright-core';
import { Splunkd } from './splunkd.mjs';

const [built, executablePath] = process.argv.slice(2);
const ORIGIN = 'http://splunk.invalid';
const FLAGS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];
const QUIET = 250; // ms without a change in the page
const PATIENCE = 60000; // ms for what a step waits for
const LONGEST = 10000; // ms that a page may go on changing
const LOADING = 120000; // ms for the bundle, once
const DELAYS = 1000; // ms that Splunk's code waits at most before it acts on an input

const HTML = `<!doctype html><html lang="en"><meta charset="utf-8">
<link rel="stylesheet" href="/page.css">
<style>html, body, #root { height: 100%; margin: 0 }</style>
<div id="root"></div><script src="/page.js"></script></html>`;

const OWN = {
    '/': { contentType: 'text/html', body: HTML },
    '/page.js': { path: path.join(built, 'page.js') },
    '/page.css': { path: path.join(built, 'page.css') },
};

const panelOf = (page, name) => page.locator(`[data-test="viz-item"][data-id="${name}"]`);
const inputOf = (page, name) => page.locator(`[data-input-id="${name}"]`);

const STEPS = {
    // A text in a panel, a cell of a table's row, or the middle of a panel.
    click: (page, { panel, text, row, column = 0 }) => {
        const whole = panelOf(page, panel);
        if (text !== undefined) {
            return whole.getByText(text, { exact: true }).first().click();
        }
        return (row === undefined ? whole : whole.locator('tbody tr').nth(row).locator('td').nth(column)).click();
    },
    fill: async (page, { input, text }) => {
        const field = inputOf(page, input).getByRole('textbox');
        await field.fill(text);
        await field.press('Enter');
    },
    choose: async (page, { input, label }) => {
        await inputOf(page, input).getByRole('combobox').or(inputOf(page, input).getByRole('button')).first().click();
        await page.getByRole('option', { name: label, exact: true }).first().click();
    },
    open: (page, tab) => page.getByRole('tab', { name: tab, exact: true }).click(),
};

// What a reader sees: each panel's text, the cells of each table, and what does not fit: a heading whose
// column is too narrow for a word or beyond the panel, a line that ends in dots.
const visible = () => {
    const broken = (element) => {
        const words = [];
        const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            for (const { 0: word, index } of texts.currentNode.data.matchAll(/\S+/g)) {
                const range = document.createRange();
                range.setStart(texts.currentNode, index);
                range.setEnd(texts.currentNode, index + word.length);
                if (new Set([...range.getClientRects()].map((place) => place.top)).size > 1) {
                    words.push(word);
                }
            }
        }
        return words;
    };
    const dotted = (element) => getComputedStyle(element).textOverflow === 'ellipsis' && element.scrollWidth > element.clientWidth;
    const beyond = (element, panel) => element.getBoundingClientRect().right > panel.getBoundingClientRect().right;
    const clippedIn = (panel) => {
        const heads = [...panel.querySelectorAll('th')];
        const lines = [...panel.querySelectorAll('*')].filter((one) => !one.closest('tbody') && dotted(one));
        return [...heads.flatMap(broken), ...[...heads.filter((head) => beyond(head, panel)), ...lines].map((one) => one.innerText)];
    };
    const clipped = () => [...document.querySelectorAll('[data-test="viz-item"]')].flatMap((panel) => clippedIn(panel).map((text) => `${panel.dataset.id}: ${text}`));
    const textsOf = (element, selector) => [...element.querySelectorAll(selector)].map((one) => one.innerText);
    const panels = [...document.querySelectorAll('[data-test="viz-item"]')].map((panel) => [
        panel.dataset.id,
        {
            text: panel.innerText,
            head: textsOf(panel, 'th'),
            rows: [...panel.querySelectorAll('tbody tr')].map((row) => textsOf(row, 'td')),
        },
    ]);
    return {
        panels: Object.fromEntries(panels),
        clipped: clipped(),
        text: document.body.innerText,
        hrefs: [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href')),
        injected: Boolean(window.injected || document.querySelector('[data-injected]')),
        width: document.documentElement.scrollWidth,
        address: window.location.search,
    };
};

class Browser {
    async start() {
        this.profile = fs.mkdtempSync(path.join(os.tmpdir(), 'browser-'));
        this.context = await chromium.launchPersistentContext(this.profile, {
            executablePath,
            args: FLAGS,
            timezoneId: 'UTC',
        });
    }

    async stop() {
        await this.context.close();
        fs.rmSync(this.profile, { recursive: true, force: true });
    }

    // The page; a new one after a request that failed.
    async opened() {
        if (!this.page) {
            this.page = await this.context.newPage();
            this.page.setDefaultTimeout(PATIENCE);
            this.page.on('console', (message) => this.hear(message.type(), message.text()));
            this.page.on('pageerror', (error) => this.hear('error', error.message));
            this.page.on('dialog', (dialog) => {
                this.hear('error', `dialog: ${dialog.message()}`);
                return dialog.dismiss();
            });
            await this.page.addInitScript(() => {
                const { setTimeout, clearTimeout } = window;
                window.unhurried = { setTimeout: setTimeout.bind(window), clearTimeout: clearTimeout.bind(window) };
            });
            await this.page.clock.install();
            await this.page.route('**/*', (route) => this.serve(route));
            await this.page.goto(ORIGIN, { timeout: LOADING });
        }
        return this.page;
    }

    hear(type, text) {
        if (type === 'error') {
            this.errors.push(text);
        }
    }

    // The page's own files and splunkd; every other address is a stray request, without an answer.
    serve(route) {
        const request = route.request();
        const { origin, pathname, protocol, href, searchParams } = new URL(request.url());
        if (['data:', 'blob:'].includes(protocol)) {
            return route.continue();
        }
        if (origin === ORIGIN && OWN[pathname]) {
            return route.fulfill(OWN[pathname]);
        }
        const parameters = request.method() === 'POST' ? new URLSearchParams(request.postData() ?? '') : searchParams;
        const answer = origin === ORIGIN && this.splunkd.answer(request.method(), pathname, parameters);
        if (answer) {
            return route.fulfill({ status: answer.status, json: answer.body });
        }
        this.stray.push(href);
        return route.abort();
    }

    async answer(request) {
        this.errors = [];
        this.stray = [];
        this.splunkd = new Splunkd(request.splunkd);
        const page = await this.opened();
        if (request.schema) {
            return page.evaluate(() => window.views.schema);
        }
        if (request.validate) {
            return page.evaluate((definition) => window.views.validate(definition), request.validate);
        }
        return this.shown(page, request);
    }

    async shown(page, { given, size, steps = [], picture }) {
        await page.setViewportSize(size);
        await page.clock.setSystemTime(this.splunkd.now * 1000);
        await page.evaluate((it) => window.views.show(it), given);
        await page.waitForFunction(() => window.views.recorded().ready, null, { polling: 50 });
        await this.settled(page);
        for (const step of steps) {
            const [[action, argument]] = Object.entries(step);
            await STEPS[action](page, argument);
            await this.settled(page);
        }
        if (picture) {
            await page.screenshot({ path: picture });
        }
        const recorded = await page.evaluate(() => window.views.recorded());
        const seen = await page.evaluate(visible);
        const { jobs, fetches, unanswered } = this.splunkd;
        return { ...recorded, ...seen, jobs: [...jobs.values()], fetches, unanswered, errors: this.errors, stray: this.stray };
    }

    // Lets what Splunk's code puts off happen, until it asks splunkd for nothing more.
    async settled(page) {
        let before;
        do {
            before = this.splunkd.requests;
            await page.clock.runFor(DELAYS);
            await this.still(page);
        } while (this.splunkd.requests > before);
    }

    // Waits until nothing has changed in the page for a while.
    async still(page) {
        await page.evaluate(
            ([quiet, longest]) =>
                new Promise((resolve) => {
                    const { setTimeout, clearTimeout } = window.unhurried;
                    let timer = setTimeout(resolve, quiet);
                    new MutationObserver(() => {
                        clearTimeout(timer);
                        timer = setTimeout(resolve, quiet);
                    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
                    setTimeout(resolve, longest);
                }),
            [QUIET, LONGEST]
        );
    }

    async tried(request) {
        try {
            return await this.answer(request);
        } catch (error) {
            await this.page?.close();
            this.page = null;
            return { failure: error.message, errors: this.errors, stray: this.stray };
        }
    }
}

const browser = new Browser();
await browser.start();
for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await browser.tried(JSON.parse(line)))}\n`);
}
await browser.stop();

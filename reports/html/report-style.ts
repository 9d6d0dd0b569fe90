import { chartStyle } from "./chart-style.ts";

/** How the report looks: on a screen, light and dark, on a phone, and on paper. */
export const reportStyle = (): string => `
:root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--text:#1f2733;--faint:#566172;--line:#d5dae1;--link:#1d47a8;
--met:#0b6f5e;--met-ground:#e3f4f0;--missed:#9e0f04;--missed-ground:#fbe9e7;--unsure:#7a5200;--unsure-ground:#fbf1dc}
@media screen and (prefers-color-scheme:dark){:root{--ground:#10141a;--card:#171c24;--text:#e6e9ee;--faint:#a3adbb;--line:#333b47;--link:#8fb6f0;
--met:#7fe0cd;--met-ground:#12312c;--missed:#ff9a92;--missed-ground:#3a1916;--unsure:#f6c866;--unsure-ground:#36290f}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1240px;padding:20px 24px 56px;background:var(--ground);color:var(--text);
font:15px/1.5 Inter,Helvetica,Arial,sans-serif;overflow-wrap:break-word}
a{color:var(--link)}
h1,h2,h3,p,ul,ol,dl,figure{margin:0}
h1{font-size:22px;line-height:1.25;overflow-wrap:anywhere}
h2{margin:44px 0 12px;font-size:19px;line-height:1.3;overflow-wrap:anywhere}
h3{font-size:12.5px;font-weight:600;color:var(--faint);margin:14px 0 4px}
.skip{position:absolute;left:-9999px}.skip:focus{left:8px;top:8px;background:var(--card);padding:8px}
header .kind{color:var(--faint);font-size:13px;overflow-wrap:anywhere}
.verdict{margin:6px 0 12px;font-size:18px;line-height:1.4;font-weight:600;overflow-wrap:anywhere}
.about{color:var(--faint);margin-top:2px;overflow-wrap:anywhere}
.first{display:grid;grid-template-columns:minmax(0,1fr) 340px;gap:16px;align-items:start}
.first>.side{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:2px 16px 14px}
.first>*{margin-top:0}
h2.small{margin:10px 0 4px;font-size:15px}
.first.alone{grid-template-columns:minmax(0,1fr)}
.objectives{list-style:none;padding:0}
.objectives li{display:grid;grid-template-columns:58px minmax(0,1fr);gap:2px 10px;padding:6px 0;border-top:1px solid var(--line)}
.objectives li:first-child{border-top:0}
.objectives li.plainly{grid-template-columns:minmax(0,1fr)}
.objectives b{font-weight:600}
.objectives span{overflow-wrap:anywhere}
.badge{grid-row:span 2;align-self:start;text-align:center;font-size:12px;font-weight:600;line-height:20px;border-radius:10px;padding:0 6px}
.met{color:var(--met);background:var(--met-ground)}.missed{color:var(--missed);background:var(--missed-ground)}.unsure{color:var(--unsure);background:var(--unsure-ground)}
dl.pairs{display:grid;grid-template-columns:auto minmax(0,1fr);gap:2px 12px;font-size:13.5px}
dl.pairs dt{color:var(--faint);overflow-wrap:anywhere;max-width:190px}dl.pairs dd{margin:0;overflow-wrap:anywhere}
.arrow{color:var(--faint)}
.next{font-size:13px;margin-top:4px}
code{font:12.5px/1.45 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{margin:0 0 10px;padding:12px 14px;overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:8px;
font:12.5px/1.5 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
nav{margin:18px 0 0;font-size:13.5px}
nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;list-style:none}
nav a{display:inline-block;padding:2px 0;max-width:100%;overflow-wrap:anywhere}
.chart{overflow-x:auto;width:fit-content;max-width:100%;background:var(--card);border:1px solid var(--line);border-radius:8px}
.chart.paper{background:#fff}
.chart svg{display:block;max-width:100%;min-width:640px;height:auto;margin:0 auto}
figcaption{margin-top:8px;max-width:80ch;overflow-wrap:anywhere}
section p{max-width:80ch}
section p+*,.scroll+*,section figure+*{margin-top:10px}
ul.plain,.why{padding-left:20px;max-width:86ch}
ul.plain li,.why li{margin:6px 0;overflow-wrap:anywhere}
.term{font-weight:600}
details{margin-top:8px}
summary{cursor:pointer;color:var(--link);padding:2px 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:13.5px;background:var(--card);border:1px solid var(--line)}
caption{text-align:left;color:var(--faint);padding:0 0 6px}
th,td{padding:4px 10px;text-align:left;vertical-align:top;border-top:1px solid var(--line);max-width:34ch;overflow-wrap:anywhere}
td:not(.n){min-width:15ch}
th{font-weight:600;border-top:0;vertical-align:bottom;overflow-wrap:normal}
.n{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:normal}
td.n{white-space:nowrap}
.glossary{display:grid;grid-template-columns:minmax(120px,190px) minmax(0,1fr);gap:4px 16px}
.glossary dt{font-weight:600}.glossary dd{margin:0}
.part{border-top:3px solid var(--line);margin-top:56px;padding-top:20px}
@media (max-width:1000px){.first{grid-template-columns:minmax(0,1fr)}.first>.side{order:-1}}
@media (max-width:560px){body{padding:14px 12px 40px}.verdict{font-size:16.5px}.glossary{grid-template-columns:1fr}.glossary dd{margin-bottom:6px}th,td{padding:4px 7px}}
@media print{body{max-width:none;padding:0;background:#fff;font-size:10.5pt}nav,.skip{display:none}h2{break-after:avoid}
figure,tr,li{break-inside:avoid}.first{grid-template-columns:minmax(0,1fr)}.chart,.side{border-color:#ccc}.chart svg{min-width:0}
.scroll,.chart{overflow:visible}a{color:inherit;text-decoration:none}table{font-size:8.5pt}pre,code{font-size:8.5pt}}
${chartStyle()}`;

import BakeModel

/// A verdict as one HTML file that needs nothing else: no script, no font, no picture from anywhere.
struct HTMLReport: VerdictReport {
    private static let style = """
        body{font:14px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#222;background:#fff}
        h1{font-size:1.4em;font-weight:600}table{border-collapse:collapse;width:100%}
        td,th{text-align:left;vertical-align:top;padding:.35em .8em .35em 0;border-top:1px solid #ddd}
        th{font-weight:600;border-top:0}code,pre{font:12px/1.45 ui-monospace,monospace;white-space:pre-wrap;
        overflow-wrap:anywhere}.failed,.error,.flaky{color:#b00020}.passed{color:#1b6e2d}.skipped{color:#777}
        @media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}td,th{border-color:#444}
        .failed,.error,.flaky{color:#ff7b7b}.passed{color:#7bd88f}}
        """

    func text(of verdict: Verdict, at time: Timestamp) -> String {
        let failures = verdict.checks.filter(\.outcome.isFailure)
        let others = verdict.checks.filter { !$0.outcome.isFailure }
        let title = TerminalReport(verdict).summary
        let output = verdict.output.map {
            "<h2>What the image's process wrote last</h2>\n<pre>\(Self.escaped($0))</pre>\n"
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>\(title)</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <h1 class="\(verdict.isPass ? "passed" : "failed")">\(title)</h1>
            <p>\(time)</p>
            <table>
            <tr><th>verdict</th><th>check</th><th>expected</th><th>found</th><th>ms</th></tr>
            \((failures + others).map(Self.row).joined(separator: "\n"))
            </table>
            \(output ?? "")</body>
            </html>

            """
    }

    private static func row(_ check: Verdict.Check) -> String {
        let cells =
            switch check.outcome {
            case .passed: "<td></td><td></td>"
            case .failed(let expected, let found):
                "<td>\(code(expected))</td><td>\(code(found))\(pre(check.wrote))</td>"
            case .skipped, .error, .flaky: "<td colspan=\"2\">\(code(check.outcome.explanation))</td>"
            }
        let word = check.outcome.word
        return "<tr><td class=\"\(word)\">\(word)</td><td>\(code(CheckName(check).text))</td>\(cells)"
            + "<td>\(check.milliseconds)</td></tr>"
    }

    private static func pre(_ wrote: String?) -> String { wrote.map { "<pre>\(escaped($0))</pre>" } ?? "" }

    private static func code(_ text: String) -> String { "<code>\(escaped(text))</code>" }

    /// Text as HTML: control characters, and those that turn the direction of text, are shown as what they are.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            case _ where [.control, .format].contains(scalar.properties.generalCategory):
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

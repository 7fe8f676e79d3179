import BakeModel

/// goss's JSON: a result for each check, and the counts. Durations are nanoseconds, as in goss.
struct GossJSONReport: VerdictReport {
    /// Whether the document has the shape of goss's `structured`: the summary's line stands beside the summary.
    var isStructured = false
    /// Whether it is spread over lines; both are one document.
    var isPretty = false

    func text(of verdict: Verdict, at time: Timestamp) -> String {
        let document = document(of: verdict)
        return (isPretty ? IndentedJSON.text(document) : document.canonical) + "\n"
    }

    private func document(of verdict: Verdict) -> JSON {
        let summary = GossSummary(verdict)
        let results = JSON.array(verdict.checks.map(Self.result))
        let nanoseconds = summary.duration * 1_000_000
        let counts = "Count: \(summary.count), Failed: \(summary.failed)"
        let line = "\(counts), \(isStructured ? "" : "Skipped: \(summary.skipped), ")Duration: \(summary.seconds)s"
        var members: [String: JSON] = [
            "test-count": .number(Int64(summary.count)), "failed-count": .number(Int64(summary.failed)),
            "total-duration": .number(nanoseconds),
        ]
        if isStructured {
            return ["results": results, "summary": .object(members), "summary-line": .string(line)]
        }
        members["skipped-count"] = .number(Int64(summary.skipped))
        members["summary-line"] = .string(line)
        return ["results": results, "summary": .object(members)]
    }

    private static func result(_ check: Verdict.Check) -> JSON {
        let text = GossText(check: check)
        // goss's codes: 0 success, 1 failure, 2 skip.
        let code: Int64 = check.outcome.isFailure ? 1 : check.outcome.isSkip ? 2 : 0
        return .record([
            "resource-type": .string(text.type), "resource-id": .string(check.id), "title": .string(check.title ?? ""),
            "meta": check.meta ?? .null,
            "property": .string(check.property), "result": .number(code), "skipped": .bool(check.outcome.isSkip),
            "successful": .bool(!check.outcome.isFailure), "matcher-result": matcher(check.outcome),
            "duration": .number(check.milliseconds * 1_000_000), "err": error(check.outcome),
            "summary-line": .string(text.text(isCompact: false)),
            "summary-line-compact": .string(text.text(isCompact: true)),
        ])
    }

    private static func matcher(_ outcome: Verdict.Outcome) -> JSON {
        guard case .failed(let expected, let found) = outcome else { return .null }
        return [
            "actual": .string(found), "expected": .string(expected), "message": "to match expectation",
        ]
    }

    private static func error(_ outcome: Verdict.Outcome) -> JSON {
        switch outcome {
        case .error, .flaky: .string(outcome.explanation)
        case .passed, .failed, .skipped: .null
        }
    }
}

/// JSON for eyes.
enum IndentedJSON {
    static func text(_ json: JSON, indent: Int = 0) -> String {
        let space = String(repeating: "    ", count: indent + 1)
        let end = String(repeating: "    ", count: indent)
        if let members = json.members, !members.isEmpty {
            let lines = members.sorted { $0.key < $1.key }.map {
                "\(space)\(JSON.string($0.key).canonical): \(text($0.value, indent: indent + 1))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(end)}"
        }
        if let items = json.items, !items.isEmpty {
            return "[\n\(items.map { space + text($0, indent: indent + 1) }.joined(separator: ",\n"))\n\(end)]"
        }
        return json.canonical
    }
}

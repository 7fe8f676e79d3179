/// Why a node runs, in a few words.
enum RunReason {
    /// For a node whose result may be there.
    static let forced = "asked for afresh"

    /// For a node whose result is not there.
    /// - Parameters:
    ///   - run: its last run; nil where it never ran.
    ///   - cache: knows what went into that.
    static func text(_ key: StageKey, after run: StageCache.LastRun?, in cache: StageCache) -> String {
        guard let run else { return "first time" }
        if run.key == key.digest { return "its result is no longer kept" }
        guard let last = cache.key(run.key) else { return "what went into its last run is no longer kept" }
        let differences = key.differences(from: last)
        guard let first = differences.first else { return "its result is no longer kept" }
        let more = differences.count - 1
        return more == 0 ? first.text : "\(first.text), and \(more) more input\(more == 1 ? "" : "s")"
    }
}

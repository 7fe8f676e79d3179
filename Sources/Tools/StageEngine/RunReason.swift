/// Why a node runs, in a few words.
enum RunReason {
    /// For a node whose result may be there.
    static let forced = "asked for afresh"

    /// For a node whose result is not there.
    /// - Parameter last: the key of its last run; nil where it never ran.
    static func text(_ key: StageKey, after last: StageKey?) -> String {
        guard let last else { return "first time" }
        let differences = key.differences(from: last)
        guard let first = differences.first else { return "its result is no longer kept" }
        return differences.count == 1 ? first.text : "\(first.text) and \(differences.count - 1) more"
    }
}

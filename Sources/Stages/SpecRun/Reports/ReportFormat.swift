import BakeModel

/// A verdict as text of one format.
protocol VerdictReport: Sendable {
    /// The text, with a line feed at its end where it says anything.
    /// - Parameter time: when the checks began.
    func text(of verdict: Verdict, at time: Timestamp) -> String
}

/// The formats that goss has, and HTML.
public enum ReportFormat: String, CaseIterable, Sendable {
    case documentation, json
    case jsonOneline = "json_oneline"
    case junit, nagios, prometheus, rspecish, silent, structured, tap, html

    /// Whether people read it as it is: text of the image in it is escaped by whoever prints it.
    public var isForPeople: Bool { [.documentation, .nagios, .rspecish, .tap].contains(self) }

    /// What a process that prints a failure in this format ends with. Nagios reads 1 as a warning, and 2 as CRITICAL.
    public var failure: ExitCode { self == .nagios ? .critical : .failed }

    /// What is printed where there is no verdict, and what a process that prints it ends with; nil for a format that is
    /// silent then, and leaves the code to the reason.
    /// - Parameter reason: why there is none.
    public func line(withoutVerdict reason: String) -> (text: String, exit: ExitCode)? {
        self == .nagios ? (NagiosReport.line(withoutVerdict: reason), .unknown) : nil
    }

    /// The verdict in this format.
    /// - Parameter time: when the checks began.
    public func text(of verdict: Verdict, at time: Timestamp) -> String {
        let report: (any VerdictReport)? =
            switch self {
            case .documentation: DocumentationReport()
            case .json: GossJSONReport(isPretty: true)
            case .jsonOneline: GossJSONReport()
            case .nagios: NagiosReport()
            case .prometheus: PrometheusReport()
            case .rspecish: RspecishReport()
            case .structured: GossJSONReport(isStructured: true, isPretty: true)
            case .tap: TAPReport()
            case .html: HTMLReport()
            case .junit: nil
            case .silent: nil
            }
        if self == .junit { return JUnitReport(verdict, at: time).text }
        return report?.text(of: verdict, at: time) ?? ""
    }
}

extension ExitCode {
    /// CRITICAL, as plugins of Nagios say it: the number that wrong usage has elsewhere.
    static let critical = ExitCode.usage
    /// UNKNOWN, likewise.
    static let unknown = ExitCode.refused
}

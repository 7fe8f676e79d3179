import SpecRun

extension Console {
    /// Tells what of a spec is legal and yet probably not meant.
    func tellWarnings(of spec: Spec) {
        for warning in spec.warnings {
            // Escaped already.
            for line in "warning: \(warning.report)".split(separator: "\n") { note(String(line)) }
        }
    }
}

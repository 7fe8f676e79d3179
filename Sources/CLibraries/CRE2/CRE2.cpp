#include "CRE2.h"

#include <re2/re2.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

struct cre2_expression {
    RE2 re2;
    cre2_expression(const re2::StringPiece &pattern, const RE2::Options &options) : re2(pattern, options) {}
};

static re2::StringPiece piece(const void *bytes, int64_t length) {
    return re2::StringPiece(static_cast<const char *>(bytes), static_cast<size_t>(length));
}

cre2_expression *cre2_compile(
    const void *pattern, int64_t length, int64_t max_memory, char *error, int64_t error_capacity) {
    try {
        RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(max_memory);
        auto *expression = new cre2_expression(piece(pattern, length), options);
        if (expression->re2.ok()) return expression;
        std::snprintf(error, static_cast<size_t>(error_capacity), "%s", expression->re2.error().c_str());
        delete expression;
    } catch (const std::exception &exception) {
        std::snprintf(error, static_cast<size_t>(error_capacity), "%s", exception.what());
    }
    return nullptr;
}

int cre2_matches(const cre2_expression *expression, const void *text, int64_t length) {
    return RE2::PartialMatch(piece(text, length), expression->re2) ? 1 : 0;
}

int cre2_groups(const cre2_expression *expression) {
    return expression->re2.NumberOfCapturingGroups();
}

int cre2_group(const cre2_expression *expression, const void *name, int64_t length) {
    const auto &groups = expression->re2.NamedCapturingGroups();
    const auto found = groups.find(std::string(static_cast<const char *>(name), static_cast<size_t>(length)));
    return found == groups.end() ? 0 : found->second;
}

int cre2_find(
    const cre2_expression *expression, const void *text, int64_t length, int64_t start, int64_t *bounds,
    int64_t count) {
    std::vector<re2::StringPiece> found(static_cast<size_t>(count));
    const auto whole = piece(text, length);
    if (!expression->re2.Match(
            whole, static_cast<size_t>(start), static_cast<size_t>(length), RE2::UNANCHORED, found.data(),
            static_cast<int>(count)))
        return 0;
    for (int64_t i = 0; i < count; i++) {
        const auto &group = found[static_cast<size_t>(i)];
        bounds[2 * i] = group.data() == nullptr ? -1 : group.data() - whole.data();
        bounds[2 * i + 1] = group.data() == nullptr ? -1 : bounds[2 * i] + static_cast<int64_t>(group.size());
    }
    return 1;
}

void cre2_free(cre2_expression *expression) {
    delete expression;
}

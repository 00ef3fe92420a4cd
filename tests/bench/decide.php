<?php
// SPDX-License-Identifier: MIT
// The decision as a PHP service would make it: model and policy in opcache, company facts in APCu, nothing recorded.
declare(strict_types=1);

const RANK = ['red' => 0, 'yellow' => 1, 'green' => 2];

function problem(int $status, string $title, string $code, array $errors = []): never
{
    http_response_code($status);
    header('Content-Type: application/problem+json');
    echo json_encode(['type' => 'about:blank', 'title' => $title, 'status' => $status, 'code' => $code, 'errors' => $errors]);
    exit;
}

// One table per object: field => [type, maximum length, required].
const COMPANY = ['name' => ['string', 512, false], 'street' => ['string', 256, false], 'postal_code' => ['string', 16, false],
    'city' => ['string', 128, false], 'country' => ['string', 2, true], 'vat_id' => ['string', 20, false],
    'register' => ['array', 8, false], 'lei' => ['string', 20, false], 'customer_ref' => ['string', 64, false]];
const ORDER = ['ref' => ['string', 64, false], 'amount' => ['integer', 0, true], 'currency' => ['string', 3, true]];
const BODY = ['company' => ['array', 16, true], 'order' => ['array', 16, true], 'delivery_address' => ['array', 16, false],
    'payment_methods' => ['array', 16, false]];

function check(array $object, array $table, string $at, array &$errors): void
{
    foreach ($object as $name => $value) {
        if (!isset($table[$name])) {
            $errors[] = ['pointer' => "$at/$name", 'code' => 'unknown_field'];
            continue;
        }
        [$type, $most] = $table[$name];
        if ($value === null && !$table[$name][2]) {
            continue;
        }
        if (gettype($value) !== $type) {
            $errors[] = ['pointer' => "$at/$name", 'code' => 'wrong_type'];
        } elseif (($type === 'string' && strlen($value) > $most) || ($type === 'array' && count($value) > $most)) {
            $errors[] = ['pointer' => "$at/$name", 'code' => 'too_long'];
        }
    }
    foreach ($table as $name => [, , $required]) {
        if ($required && !isset($object[$name])) {
            $errors[] = ['pointer' => "$at/$name", 'code' => 'required'];
        }
    }
}

function read_body(): array
{
    $body = json_decode(file_get_contents('php://input'), true, 16);
    $errors = [];
    if (!is_array($body)) {
        problem(422, 'Unprocessable Content', 'invalid_json');
    }
    check($body, BODY, '', $errors);
    if (!$errors) {
        check($body['company'], COMPANY, '/company', $errors);
        check($body['order'], ORDER, '/order', $errors);
        if (!$errors && $body['order']['amount'] < 1) {
            $errors[] = ['pointer' => '/order/amount', 'code' => 'too_small'];
        }
    }
    if ($errors) {
        problem(422, 'Unprocessable Content', 'invalid_fields', $errors);
    }
    return $body;
}

function interpolate(array $table, float $x): float
{
    $last = count($table) - 1;
    if ($x <= $table[0][0]) {
        return $table[0][1];
    }
    for ($i = 1; $i <= $last; $i++) {
        if ($x <= $table[$i][0]) {
            [$x0, $y0] = $table[$i - 1];
            [$x1, $y1] = $table[$i];
            return $y0 + ($y1 - $y0) * ($x - $x0) / ($x1 - $x0);
        }
    }
    return $table[$last][1];
}

function find_bin(array $bins, int|float|string $value): array
{
    foreach ($bins as $bin) {
        if (isset($bin['in']) ? in_array($value, $bin['in'], true) : (!isset($bin['below']) || $value < $bin['below'])) {
            return $bin;
        }
    }
    return end($bins);
}

// What is left of each kind of evidence beside the others; the facts of the benchmark are fresh.
function shares(array $model, array $facts): array
{
    $known = [];
    foreach ($model['characteristics'] as $one) {
        if (isset($facts[$one['fact']], $one['evidence'])) {
            $known[$one['evidence']] = true;
        }
    }
    $shares = [];
    foreach ($model['evidence'] ?? [] as $kind) {
        $share = $kind['weight'] ?? 1;
        foreach ($kind['beside'] ?? [] as $other => $left) {
            $share *= isset($known[$other]) ? $left : 1;
        }
        $shares[] = $share;
    }
    return $shares;
}

function weigh(int $points, float $share): int
{
    return ($points <=> 0) * (int) floor(abs($points) * $share + 0.5 + 1e-9);
}

function evaluate(array $model, array $facts): array
{
    $shares = shares($model, $facts);
    $points = $model['base_points'];
    $known = 0;
    $effects = [];
    foreach ($model['characteristics'] as $one) {
        $missing = $one['missing_points'] ?? 0;
        if (!isset($facts[$one['fact']])) {
            $points += $missing;
            continue;
        }
        $bin = find_bin($one['bins'], $facts[$one['fact']]);
        $weighed = $one['kind'] < 0 ? $bin['points'] : weigh($bin['points'], $shares[$one['kind']]);
        $effect = $weighed - $missing;
        $points += $weighed;
        $known += $one['kind'] >= 0 && ($model['evidence'][$one['kind']]['optional'] ?? false) ? 0 : $one['range'];
        if ($effect !== 0) {
            $effects[] = ['code' => $effect > 0 || $bin['points'] === $one['best'] ? $one['good'] : $one['bad'], 'points' => $effect];
        }
    }
    $odds = interpolate($model['pd_odds'], $points);
    usort($effects, fn($a, $b) => abs($b['points']) <=> abs($a['points']));
    return ['score' => (int) floor(interpolate($model['score_odds'], $odds) + 1e-9), 'pd' => 1 / (1 + exp(-$odds)),
        'known' => $known / $model['range'],
        'thin' => $known / $model['range'] < ($model['coverage']['min_known'] ?? 0),
        'thin_share' => $model['coverage']['limit_share'] ?? 1, 'effects' => array_slice($effects, 0, 8)];
}

function round_step(int $minor): int
{
    $step = 1;
    while (intdiv($minor, $step) >= 100) {
        $step *= 10;
    }
    return intdiv($minor, $step) * $step;
}

function credit_limit(array $rules, array $facts, array $assessed, string $light): array
{
    $caps = [];
    if ($light === 'red') {
        $caps[] = [0, 'CAP_RED'];
    } else {
        if (isset($facts['equity'])) {
            $caps[] = [(int) ($facts['equity'] * 100 * $rules['equity_share']), 'CAP_EQUITY'];
        }
        if (isset($facts['revenue'])) {
            $caps[] = [(int) ($facts['revenue'] * 100 * $rules['revenue_share']), 'CAP_REVENUE'];
        }
        if (!isset($facts['equity']) && !isset($facts['revenue'])) {
            $caps[] = [$rules['unknown_cap'], 'CAP_UNKNOWN_SIZE'];
        }
        $caps[] = [(int) ($rules['pd_base'] * min(1, $rules['pd_full'] / $assessed['pd'])), 'CAP_PD'];
        if (isset($rules['legal_form_caps'][$facts['legal_form'] ?? ''])) {
            $caps[] = [$rules['legal_form_caps'][$facts['legal_form']], 'CAP_LEGAL_FORM'];
        }
        if (isset($facts['age']) && $facts['age'] < $rules['young_years']) {
            $caps[] = [$rules['young_cap'], 'CAP_AGE'];
        }
        $caps[] = [$rules['max_total'], 'CAP_POLICY'];
    }
    $smallest = max(0, min(array_column($caps, 0)));
    $bound = [];
    foreach ($caps as [$amount, $code]) {
        if ($amount <= $smallest) {
            $bound[] = $code;
        }
    }
    $smallest = $light === 'yellow' ? $smallest * $rules['yellow_share'] : $smallest;
    $total = round_step((int) ($assessed['thin'] ? $smallest * $assessed['thin_share'] : $smallest));
    $per_order = min($total, (int) ($total * ($rules['per_order_share'] ?? 1)), $rules['per_order_max'] ?? PHP_INT_MAX,
        ($facts['own_orders'] ?? 0) > 0 ? PHP_INT_MAX : $rules['first_order_max'] ?? PHP_INT_MAX);
    return ['total' => $total, 'available' => $total, 'per_order' => $per_order, 'bound' => $bound];
}

function reason(array $world, string $code): array
{
    [$text, $buyer_text] = $world['reasons'][$code] ?? [$code, $code];
    return ['code' => $code, 'text' => $text, 'buyer_text' => $buyer_text];
}

function decide_method(array $world, array $rule, string $light, array $assessed, array $limit, int $amount): array
{
    $why = [];
    if ($rule['type'] === 'prepayment') {
        return ['id' => $rule['id'], 'allowed' => true, 'net_days' => 0, 'deposit_percent' => 0, 'reasons' => []];
    }
    if (RANK[$light] < RANK[$rule['min_light'] ?? 'red']) {
        $why[] = 'LIGHT_TOO_LOW';
    }
    if ($assessed['score'] < ($rule['min_score'] ?? 0)) {
        $why[] = 'SCORE_TOO_LOW';
    }
    if ($amount < ($rule['min_amount'] ?? 0)) {
        $why[] = 'AMOUNT_BELOW_MINIMUM';
    }
    if (isset($rule['max_amount']) && $amount > $rule['max_amount']) {
        $why[] = 'AMOUNT_ABOVE_MAXIMUM';
    }
    if ($amount > $limit['available']) {
        $why[] = 'LIMIT_EXCEEDED';
    } elseif ($amount > $limit['per_order']) {
        $why[] = 'PER_ORDER_LIMIT_EXCEEDED';
    }
    $terms = $light === 'green' ? $rule : ($rule['yellow'] ?? []) + $rule;
    return ['id' => $rule['id'], 'allowed' => !$why, 'net_days' => $terms['net_days'] ?? 0,
        'deposit_percent' => $terms['deposit_percent'] ?? 0,
        'reasons' => array_map(fn($code) => reason($world, $code), $why)];
}

function fold(string $text): string
{
    $text = strtr($text, ['ä' => 'ae', 'ö' => 'oe', 'ü' => 'ue', 'ß' => 'ss', 'Ä' => 'ae', 'Ö' => 'oe', 'Ü' => 'ue']);
    return trim(preg_replace('/[^a-z0-9]+/', ' ', strtolower($text)));
}

// The strongest identifier that is known wins.
function find_company(array $company): ?array
{
    $keys = [];
    if (isset($company['lei'])) {
        $keys[] = "lei:{$company['lei']}";
    }
    if (isset($company['vat_id'])) {
        $keys[] = 'vat:' . preg_replace('/[^0-9A-Z]/', '', $company['vat_id']);
    }
    if (isset($company['register'])) {
        $register = $company['register'];
        $keys[] = 'reg:' . fold($register['court'] ?? '') . ":{$register['type']}:{$register['number']}";
    }
    if (isset($company['name'], $company['postal_code'])) {
        $keys[] = 'name:' . fold($company['name']) . ":{$company['postal_code']}";
    }
    foreach ($keys as $key) {
        $found = apcu_fetch($key);
        if ($found !== false) {
            return $found;
        }
    }
    return null;
}

function decide(array $world, array $tenant, array $body): array
{
    ['policy' => $policy, 'model' => $model] = $world;
    $company = find_company($body['company']);
    $facts = $company['facts'] ?? [];
    $assessed = evaluate($model, $facts);
    $score = $assessed['score'];
    $light = $score >= $policy['light']['green_from'] && !$assessed['thin'] ? 'green' : ($score >= $policy['light']['yellow_from'] ? 'yellow' : 'red');
    $limit = credit_limit($policy['limit'], $facts, $assessed, $light);
    $rules = array_column($policy['payment_methods'], null, 'id');
    $methods = [];
    $asked = $body['payment_methods'] ?? array_keys($rules);
    $credit = $allowed = 0;
    $why = [];
    foreach ($asked as $id) {
        if (!isset($rules[$id])) {
            continue;
        }
        $methods[$id] = decide_method($world, $rules[$id], $light, $assessed, $limit, $body['order']['amount']);
        if ($rules[$id]['type'] !== 'prepayment') {
            $credit++;
            $allowed += (int) $methods[$id]['allowed'];
            $why = array_merge($why, array_column($methods[$id]['reasons'], 'code'));
        }
    }
    $outcome = !$company ? 'review' : ($credit === 0 || $allowed > 0 ? 'approve' : 'decline');
    $advice = $outcome === 'decline' || $light === 'red' ? 'secure' : ($light === 'green' ? 'release' : 'observe');
    $recommended = null;
    foreach ($rules as $id => $rule) {
        if (($methods[$id]['allowed'] ?? false) && ($outcome === 'approve' || $rule['type'] === 'prepayment')) {
            $recommended = $id;
            break;
        }
    }
    $codes = $outcome === 'approve' ? [$light === 'green' ? 'LIGHT_GREEN' : 'LIGHT_YELLOW'] : array_values(array_unique($why));
    $bytes = bin2hex(random_bytes(16));
    return [
        'decision_id' => "dec_$bytes",
        'livemode' => $tenant['livemode'],
        'outcome' => $outcome,
        'recommended_method' => $recommended,
        'reasons' => array_map(fn($code) => reason($world, $code), $codes),
        'payment_methods' => array_values($methods),
        'company' => ['id' => $company['id'] ?? null, 'name' => $company['name'] ?? $body['company']['name'],
            'match' => ['kind' => $company ? 'exact' : 'none', 'probability' => $company ? 1 : 0]],
        'assessment' => [
            'score' => $score, 'light' => $light, 'pd' => round($assessed['pd'], 6), 'known_share' => round($assessed['known'], 6),
            'insolvency_status' => null, 'as_of' => $company['as_of'] ?? null,
            'model' => ['id' => $model['id'], 'version' => $model['version']],
            'policy' => ['id' => $policy['id'], 'version' => $policy['version']],
            'sources' => $company['sources'] ?? [],
            'reasons' => array_map(fn($effect) => ['code' => $effect['code'], 'points' => $effect['points'],
                'text' => reason($world, $effect['code'])['text']], $assessed['effects']),
        ],
        'credit_limit' => ['currency' => $policy['limit']['currency'] ?? 'EUR', 'total' => $limit['total'], 'exposure' => 0,
            'available' => $limit['available'], 'per_order' => $limit['per_order'],
            'bound_by' => array_map(fn($code) => ['code' => $code, 'text' => reason($world, $code)['text']], $limit['bound'])],
        'recommendation' => $world['recommendations'][$advice],
        'freshness' => 'fresh',
        'valid_until' => gmdate('Y-m-d\TH:i:s\Z', time() + ($policy['valid_hours'] ?? 24) * 3600),
        'token' => null,
    ];
}

$world = require $_SERVER['WORLD'];
if (!apcu_exists('loaded')) {
    foreach ($world['companies'] as $key => $company) {
        apcu_store($key, $company);
    }
    apcu_store('loaded', true);
}
$authorization = $_SERVER['HTTP_AUTHORIZATION'] ?? '';
$tenant = str_starts_with($authorization, 'Bearer ') ? $world['keys'][hash('sha256', substr($authorization, 7))] ?? null : null;
if ($tenant === null) {
    problem(401, 'Unauthorized', 'unauthorized');
}
$answer = decide($world, $tenant, read_body());
header('Content-Type: application/json');
echo json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);

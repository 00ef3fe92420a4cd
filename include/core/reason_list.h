/* SPDX-License-Identifier: MIT */
/*
 * The closed list of reason codes; include with X defined (no include guard).
 * X(CODE, "internal de", "internal en", "public de", "public en")
 */
X(EQUITY_RATIO_STRONG, "Hohe Eigenkapitalquote", "High equity ratio", "Solide Bilanz", "Sound balance sheet")

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Fits de-base.json: fit.sh PROGRAM FOLDER, the folder holding polish/ and american/. The result is the file beside this script,
# byte for byte. No size: log_ta of other currencies and listed companies says nothing about German ones.
set -eu
program=$1
data=$2
cd "$(dirname "$0")/../../.."
exec "$program" fit \
	--in "$data/polish/pl5_dev_canonical.csv.gz" --in "$data/american/us_train_1999_2011_canonical.csv.gz" \
	--drop log_ta --ridge 5 --trust-missing 0.25 --base-rate 0.0173 --like 1 --prior src/data/models/de-priors.json \
	--id de-base --version 2.0.0 --out "${OUT:-src/data/models/de-base.json}" \
	--attribution "Polish companies bankruptcy: Tomczak, S. (2016), UCI Machine Learning Repository 365, CC BY 4.0; ratios binned and weighted" \
	--attribution "American bankruptcy data set: Lombardo, G. et al. (2022), NYSE and NASDAQ 1999-2011, github.com/sowide/bankruptcy_dataset, CC BY 4.0; ratios computed, binned and weighted"
